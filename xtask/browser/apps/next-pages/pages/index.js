import dynamic from "next/dynamic";
import { useState } from "react";

const Late = dynamic(() => import("../parts/late"));

export default function Home() {
  const [shown, show] = useState(false);
  return <button onClick={() => show(true)}>{shown ? <Late /> : "Show"}</button>;
}
