import { Panel } from "../../../parts/panel";

export default function PanelDefault() {
  return <Panel />;
}
