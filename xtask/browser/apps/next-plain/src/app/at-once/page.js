"use client";

import dynamic from "next/dynamic";

const Rendered = dynamic(() => import("../../parts/rendered"));
const Mounted = dynamic(() => import("../../parts/mounted"), { ssr: false });

export default function AtOnce() {
  return (
    <main>
      <Rendered />
      <Mounted />
    </main>
  );
}
