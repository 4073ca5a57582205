export default function Mounted() {
  return <p>Rendered in the browser alone</p>;
}
