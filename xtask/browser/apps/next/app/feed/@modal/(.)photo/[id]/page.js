import { Panel } from "../../../../../parts/panel";

export default function PhotoModal() {
  return <Panel />;
}
