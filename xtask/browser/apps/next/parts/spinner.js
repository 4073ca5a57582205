"use client";

import { useEffect, useState } from "react";

export function Spinner() {
  const [dots, setDots] = useState(1);
  useEffect(() => {
    const timer = setInterval(() => setDots((dots) => 1 + (dots % 3)), 300);
    return () => clearInterval(timer);
  }, []);
  return <p>Loading{".".repeat(dots)}</p>;
}
