export function getServerSideProps({ params }) {
  if (params.path[0] === "no") return { notFound: true };
  return { props: { path: params.path } };
}

export default function Path({ path }) {
  return <h1>{path.join(" / ")}</h1>;
}
