import { Gauge } from "../../../../parts/gauge";

export default async function Photo({ params }) {
  const { id } = await params;
  return (
    <p>
      Photo {id} <Gauge level={1} />
    </p>
  );
}
