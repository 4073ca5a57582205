"use client";

import "./chart.css";

export default function Chart() {
  const points = Array.from({ length: 20 }, (_, x) => `${x * 5},${50 + 40 * Math.sin(x)}`);
  return (
    <svg className="chart" viewBox="0 0 100 100">
      <polyline points={points.join(" ")} fill="none" stroke="currentColor" />
    </svg>
  );
}
