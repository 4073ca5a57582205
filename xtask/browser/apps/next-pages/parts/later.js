export default function Later() {
  return <b>Taken in by what was taken in</b>;
}
