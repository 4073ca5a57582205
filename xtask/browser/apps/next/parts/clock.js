"use client";

import { useEffect, useState } from "react";

export function Clock() {
  const [now, setNow] = useState("");
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date().toISOString()), 1000);
    return () => clearInterval(timer);
  }, []);
  return <time>{now}</time>;
}
