export default function Tanks() {
  return <h1>All tanks</h1>;
}
