import dynamic from "next/dynamic";

const Chart = dynamic(() => import("../../parts/chart"));

export default function Lately() {
  return <Chart />;
}
