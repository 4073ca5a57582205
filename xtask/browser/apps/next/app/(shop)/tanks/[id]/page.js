import style from "./tank.module.css";
import { Gauge } from "../../../../parts/gauge";

export const dynamic = "force-dynamic";

export default async function Tank({ params }) {
  const { id } = await params;
  return (
    <h1 className={style.tank}>
      Tank {id} <Gauge level={7} />
    </h1>
  );
}
