import Link from "next/link";

export default function FeedPage() {
  return (
    <Link prefetch={false} href="/feed/photo/1">
      Photo
    </Link>
  );
}
