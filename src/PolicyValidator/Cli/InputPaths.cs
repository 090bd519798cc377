namespace PolicyValidator.Cli;

/// <summary>The files behind the paths of the command line.</summary>
internal static class InputPaths
{
    private static readonly EnumerationOptions Listing = new() { IgnoreInaccessible = false, AttributesToSkip = default };

    /// <summary>
    /// Files as given, and below directories every <c>.yaml</c>, <c>.yml</c> and <c>.json</c>, sorted. Links to files are followed, as
    /// mounted ConfigMaps need it; links to directories are not, so that no ring is walked for ever; <c>.git</c> is passed over.
    /// A directory that cannot be listed stands in the result under its own name, where reading it will fail and be reported.
    /// </summary>
    public static IEnumerable<string> Expand(IEnumerable<string> paths) =>
        paths.SelectMany(path => Directory.Exists(path) ? Below(path) : [path]).Distinct(StringComparer.Ordinal);

    private static IEnumerable<string> Below(string directory)
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
            .SelectMany(entry => entry switch
            {
                DirectoryInfo { LinkTarget: null, Name: not ".git" } => Below(Path.Combine(directory, entry.Name)),
                FileInfo when IsOurs(entry.Extension) && File.Exists(entry.FullName) && !IsDevice(entry) => [Path.Combine(directory, entry.Name)],
                _ => [],
            });
    }

    private static bool IsOurs(string extension) =>
        extension.ToLowerInvariant() is ".yaml" or ".yml" or ".json";

    /// <summary>A pipe among the files of a directory would be waited for without end.</summary>
    private static bool IsDevice(FileSystemInfo entry) => entry.Attributes.HasFlag(FileAttributes.Device);
}
