import { useState } from "react";
import dynamic from "next/dynamic";
import style from "../../parts/legacy.module.css";

const Chart = dynamic(() => import("../../parts/chart"));

export default function Legacy() {
  const [shown, show] = useState(false);
  return (
    <main className={style.legacy}>
      <button onClick={() => show(!shown)}>Show</button>
      {shown && <Chart />}
    </main>
  );
}
