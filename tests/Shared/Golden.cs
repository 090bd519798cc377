namespace Tests.Shared;

/// <summary>
/// Compares text with what the repository holds; with <c>UPDATE_GOLDEN=1</c> rewrites it instead, so that the difference is
/// reviewed like code.
/// </summary>
internal static class Golden
{
    private static readonly Lock Writing = new();

    private static bool Updating => Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1";

    /// <summary>Compares a whole file.</summary>
    public static void File(string path, string expected)
    {
        string full = Repository.PathOf(path);
        if (Updating)
        {
            lock (Writing)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(full)!);
                System.IO.File.WriteAllText(full, expected);
            }

            return;
        }

        Assert.True(System.IO.File.Exists(full), $"{path} is missing; make golden writes it");
        Assert.Equal(expected, System.IO.File.ReadAllText(full));
    }

    /// <summary>Compares what stands between <c>&lt;!-- name:begin, generated --&gt;</c> and <c>&lt;!-- name:end --&gt;</c>.</summary>
    public static void Section(string path, string name, string expected)
    {
        string full = Repository.PathOf(path);
        string begin = $"<!-- {name}:begin, generated -->\n", end = $"<!-- {name}:end -->";
        lock (Writing)
        {
            string text = System.IO.File.ReadAllText(full);
            int from = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
            int to = text.IndexOf(end, StringComparison.Ordinal);
            Assert.True(from >= begin.Length && to >= from, $"{path} has no section between {begin.Trim()} and {end}");
            string wanted = expected.TrimEnd('\n') + "\n";
            if (Updating)
            {
                System.IO.File.WriteAllText(full, text[..from] + wanted + text[to..]);
                return;
            }

            Assert.Equal(wanted, text[from..to]);
        }
    }
}
