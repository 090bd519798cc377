using PolicyValidator.Inputs;

namespace PolicyValidator.Reporting;

/// <summary>Paths as programs want them that know the checkout: relative to it, with slashes.</summary>
internal static class ReportPath
{
    /// <summary>The path of a text; one outside of the checkout stays absolute, <c>-</c> stays what it is.</summary>
    public static string Of(LintReport report, SourceText source) => Of(report.Root, source.Name);

    /// <summary>A path relative to a folder, if it lies below it.</summary>
    public static string Of(string root, string name)
    {
        if (root.Length == 0 || name == "-")
        {
            return name;
        }

        string relative = Path.GetRelativePath(root, name);
        return (relative == ".." || relative.StartsWith("../", StringComparison.Ordinal) || Path.IsPathRooted(relative) ? Path.GetFullPath(name) : relative)
            .Replace(Path.DirectorySeparatorChar, '/');
    }

    /// <summary>A path as a URI: relative where the path is, with all but the plainest characters escaped.</summary>
    public static string Uri(string path) =>
        (path.StartsWith('/') ? "file://" : "") + string.Join('/', path.Split('/').Select(System.Uri.EscapeDataString));
}
