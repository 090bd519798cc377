using System.Text.RegularExpressions;

namespace Tests.Shared;

/// <summary>Which folder of a project may use which: a table that keeps the data's path a path.</summary>
/// <param name="project">the project's folder</param>
/// <param name="root">its root namespace; a folder's namespace is the root's and the folder's name</param>
internal sealed partial class FolderLayout(string project, string root)
{
    /// <summary>May be used by a folder that ties everything together.</summary>
    public const string All = "all";

    private readonly string _folder = Repository.PathOf(project);

    /// <summary>One line for each use that the table does not allow, and for each folder that is not in it.</summary>
    public IEnumerable<string> Violations(IReadOnlyDictionary<string, string[]> allowed) =>
        from folder in Folders()
        from file in Directory.GetFiles(Path.Combine(_folder, folder), "*.cs", SearchOption.AllDirectories)
        from violation in allowed.TryGetValue(folder, out string[]? mayUse)
            ? UsesOf(file).Where(used => used != folder && !mayUse.Contains(used) && !mayUse.Contains(All)).Select(used => $"uses {root}.{used}")
            : ["is in a folder that the table does not know"]
        select $"{Path.GetRelativePath(_folder, file)} {violation}";

    private string[] Folders() => [.. Directory.GetDirectories(_folder).Select(Path.GetFileName)!];

    private HashSet<string> UsesOf(string file) =>
    [
        .. Name().Matches(File.ReadAllText(file))
            .Where(match => match.Groups["root"].Value == root)
            .Select(match => match.Groups["folder"].Value)
            .Intersect(Folders()),
    ];

    [GeneratedRegex(@"(?<![\w.])(?<root>\w+)\.(?<folder>[A-Z]\w*)")]
    private static partial Regex Name();
}
