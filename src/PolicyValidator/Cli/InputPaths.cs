using PolicyValidator.Configuration;

namespace PolicyValidator.Cli;

/// <summary>The files behind the paths of the command line.</summary>
internal sealed class InputPaths(PathFilter filter)
{
    private static readonly EnumerationOptions Listing = new() { IgnoreInaccessible = false, AttributesToSkip = default };

    /// <summary>
    /// Files as given, and below directories those that the filter takes, sorted. Links to files are followed, as mounted ConfigMaps
    /// need it; links to directories are not, so that no ring is walked for ever; <c>.git</c>, <c>node_modules</c> and our own file are
    /// passed over, and so are pipes, devices and empty files.
    /// A directory that cannot be listed stands in the result under its own name, where reading it will fail and be reported.
    /// </summary>
    public IEnumerable<string> Expand(IEnumerable<string> paths) => paths
        .SelectMany(path => Directory.Exists(path) ? Below(path) : filter.PassesOverNamed(path) ? [] : [path])
        .Distinct(StringComparer.Ordinal);

    private IEnumerable<string> Below(string directory)
    {
        FileSystemInfo[] entries;
        try
        {
            entries = new DirectoryInfo(directory).GetFileSystemInfos("*", Listing);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            return [directory];
        }

        return entries
            .OrderBy(entry => entry.Name, StringComparer.Ordinal)
            .Select(entry => (Entry: entry, Path: Path.Combine(directory, entry.Name)))
            .Where(each => !filter.PassesOver(each.Path))
            .SelectMany(each => each.Entry switch
            {
                DirectoryInfo { LinkTarget: null, Name: not (".git" or "node_modules") } => Below(each.Path),
                FileInfo { Name: not ConfigSettings.FileName } file when filter.Takes(each.Path) && HoldsSomething(file) => [each.Path],
                _ => [],
            });
    }

    /// <summary>A pipe or device among the files of a directory would be waited for without end. It has no length, and is passed over like an empty file.</summary>
    private static bool HoldsSomething(FileInfo file)
    {
        try
        {
            return (file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true)) is FileInfo { Exists: true, Length: > 0 };
        }
        catch (IOException)
        {
            return false; // A link to itself, or to nothing.
        }
    }
}
