"use client";

import { useState } from "react";

export default function Form() {
  const [name, setName] = useState("");
  return <input aria-label="Name" value={name} onChange={(event) => setName(event.target.value)} />;
}
