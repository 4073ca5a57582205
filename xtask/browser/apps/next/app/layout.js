import "./global.css";
import { Clock } from "../parts/clock";

export const metadata = { title: "Tanks" };

export default function Root({ children }) {
  return (
    <html lang="en">
      <body>
        <Clock />
        {children}
      </body>
    </html>
  );
}
