import { Sorry } from "../parts/sorry";

export default function NotFound() {
  return <Sorry />;
}
