import { useState } from "react";
import dynamic from "next/dynamic";

const Later = dynamic(() => import("./later"));

export default function Late() {
  const [shown] = useState(true);
  return shown ? <Later /> : null;
}
