using System.Text.RegularExpressions;
using Tests.Shared;

namespace ExtProc.Tests.Documents;

public sealed partial class LinkTests
{
    private static readonly string[] NotOurs = ["artifacts", "node_modules", ".git"];

    public static TheoryData<string> Documents { get; } = new(Paths());

    /// <summary>All documents of the repository, from its root.</summary>
    internal static IEnumerable<string> Paths() => Find(new DirectoryInfo(Repository.Root)).Select(file => Path.GetRelativePath(Repository.Root, file.FullName));

    [Theory]
    [MemberData(nameof(Documents))]
    public void Links_to_files_lead_somewhere(string document)
    {
        string path = Repository.PathOf(document);
        var broken = Link().Matches(Code().Replace(File.ReadAllText(path), "`"))
            .Select(match => match.Groups["target"].Value)
            .Where(target => !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith('#'))
            .Where(target => !Path.Exists(Path.Combine(Path.GetDirectoryName(path)!, target.Split('#')[0])));

        Assert.Empty(broken);
    }

    private static IEnumerable<FileInfo> Find(DirectoryInfo folder) => folder.GetFiles("*.md")
        .Concat(folder.GetDirectories().Where(child => !NotOurs.Contains(child.Name)).SelectMany(Find));

    // A pattern in a code span may look like a link.
    [GeneratedRegex("`[^`\n]*`")]
    private static partial Regex Code();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();
}
