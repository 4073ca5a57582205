"use client";

import { useState } from "react";
import dynamic from "next/dynamic";

const Chart = dynamic(() => import("../../parts/chart"), { loading: () => <p>Drawing</p> });
const Map = dynamic(() => import("../../parts/map"), { ssr: false });

export default function Later() {
  const [shown, show] = useState(false);
  const [sum, setSum] = useState(0);
  const add = async () => setSum((await import("../../parts/sums")).add(sum, 1));
  return (
    <main>
      <button onClick={() => show(!shown)}>Show</button>
      <button onClick={add}>{sum}</button>
      {shown && <Chart />}
      {shown && <Map />}
    </main>
  );
}
