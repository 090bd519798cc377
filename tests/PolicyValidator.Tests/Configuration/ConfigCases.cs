namespace PolicyValidator.Tests.Configuration;

/// <summary>Configuration files that are read, and such that are not; reader and schema have to agree about each.</summary>
internal static class ConfigCases
{
    public static IReadOnlyList<string> Good { get; } =
    [
        "",
        "# nothing\n",
        "target: envoy=1.38\n",
        "target: eg=1.4.1\nfailOn: warning\nformat: sarif\n",
        "select: [EP001, EP1]\nignore: [full-duplex-needs-trailers, EP2]\n",
        "severity: {EP123: error, unused-suppression: hint, EP1: warning}\n",
        "include: ['*.yaml']\nexclude: [vendor, 'gen/**']\nforceExclude: true\n",
        "ignorePaths:\n  - paths: [legacy/**]\n    rules: [EP001]\n    reason: goes away with the old gateway\n",
        "baseline: .policy-validator-baseline.json\nmaxFileBytes: 1000\nmaxTotalBytes: 5000\n",
        "baseline: .policy-validator-baseline.json\nmaxFileBytes: 1000\nmaxFindings: 10\nmaxSeconds: 86400\n",
    ];

    /// <summary>Each with the place and a part of the message.</summary>
    public static IReadOnlyList<(string Text, string Place, string Message)> Bad { get; } =
    [
        ("tarpet: envoy=1.38\n", "1:1", "\"tarpet\" is not a setting; use target, failOn"),
        ("target: 1.38\n", "1:9", "\"1.38\" is not envoy=1.26 to envoy=1.40"),
        ("# first\nfailOn: hint\n", "2:9", "\"hint\" is not one of warning, error"),
        ("format: xml\n", "1:9", "\"xml\" is not one of checkstyle"),
        ("select: EP001\n", "1:9", "\"EP001\" is not a list"),
        ("select: []\n", "1:9", "a list is not a list that has items"),
        ("ignore:\n  - EP001\n  - EP9999\n", "3:5", "\"EP9999\" is not a rule"),
        ("severity:\n  EP001: fatal\n", "2:10", "\"fatal\" is not one of error, warning, hint"),
        ("severity:\n  EPX: hint\n", "2:3", "\"EPX\" is not a rule"),
        ("severity: [EP001]\n", "1:11", "a list is not keys and values"),
        ("include: ['']\n", "1:11", "nothing is not a text"),
        ("exclude:\n", "1:9", "nothing is not a list"),
        ("forceExclude: 1\n", "1:15", "\"1\" is not true or false"),
        ("ignorePaths:\n  - paths: [a]\n    rules: [EP001]\n", "2:5", "reason is missing"),
        ("ignorePaths:\n  - paths: [a]\n    rules: [EP001]\n    reason: x\n    because: y\n", "5:5", "\"because\" is not one of paths, rules, reason"),
        ("ignorePaths:\n  - paths: [a]\n    rules: [EP001]\n    reason: ''\n", "4:13", "nothing is not a text"),
        ("baseline: {}\n", "1:11", "a mapping is not a text"),
        ("maxFindings: 0\n", "1:14", "\"0\" is not a whole number from 1"),
        ("maxSeconds: 86401\n", "1:13", "\"86401\" is not a whole number from 1 to 86400"),
        ("maxFileBytes: 0\n", "1:15", "\"0\" is not a whole number from 1"),
        ("maxTotalBytes: all\n", "1:16", "\"all\" is not a whole number from 1"),
        ("exclude: [" + new string('a', 513) + "]\n", "1:10", "a glob is longer than 512 letters"),
        ("- target\n", "1:1", "a list is not keys and values"),
    ];
}
