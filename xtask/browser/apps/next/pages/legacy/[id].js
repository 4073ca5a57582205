export function getServerSideProps({ params }) {
  return { props: { id: params.id } };
}

export default function LegacyTank({ id }) {
  return <h1>Tank {id}, as it was</h1>;
}
