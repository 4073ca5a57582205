import { Counter } from "../../../parts/counter";

export default function Aside() {
  return <Counter />;
}
