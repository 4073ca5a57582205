"use client";

import { useState } from "react";

export function Gauge({ level }) {
  const [shown, setShown] = useState(level);
  return <meter min="0" max="10" value={shown} onClick={() => setShown(shown + 1)} />;
}
