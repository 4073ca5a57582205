export default async function Doc({ params }) {
  const { path } = await params;
  return <h1>{path.join(" / ")}</h1>;
}
