using System.Reflection;

namespace PolicyValidator.Playground;

/// <summary>The files of the page, which the program carries in itself.</summary>
internal static class PageFiles
{
    private const string Prefix = "PolicyValidator.Playground.Page.";

    private static readonly Assembly Program = typeof(PageFiles).Assembly;

    /// <summary>Their paths, such as <c>/playground.css</c>; the page itself is <c>/</c>.</summary>
    public static IReadOnlyList<string> Paths { get; } =
        [.. Program.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Select(name => PathOf(name[Prefix.Length..]))];

    /// <summary>The type and content of a file; null when there is none of that path.</summary>
    public static (string Type, byte[] Content)? Find(string path)
    {
        if (!Paths.Contains(path))
        {
            return null;
        }

        string name = path == "/" ? "index.html" : path[1..];
        using Stream file = Program.GetManifestResourceStream(Prefix + name)!;
        byte[] content = new byte[file.Length];
        file.ReadExactly(content);
        return (TypeOf(name), content);
    }

    private static string PathOf(string name) => name == "index.html" ? "/" : $"/{name}";

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        _ => "image/svg+xml",
    };
}
