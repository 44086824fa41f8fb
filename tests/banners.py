"""What the banner says of each vendor: which demo credential goes where."""

SHOWN = {
    "authenticx": "Authorization: Bearer authenticx-demo-token",
    "emberqa": "Authorization: Bearer emberqa-demo-key",
    "resonaa": "field api_key=resonaa-demo-key",
    "siro": "x-siro-auth-token: siro-demo-token",
    "siro@2026-08": "x-siro-auth-token: siro-demo-token",
    "voxjar": "Authorization: Bearer voxjar-demo-token",
}
