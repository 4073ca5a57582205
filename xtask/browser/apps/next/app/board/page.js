import { Gauge } from "../../parts/gauge";

export default function BoardPage() {
  return <Gauge level={3} />;
}
