export default function Home() {
  return <h1>Tanks</h1>;
}
