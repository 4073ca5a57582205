export default function Rendered() {
  return <p>Rendered by the server too</p>;
}
