namespace Tests.Shared;

/// <summary>Finds files of the checkout. Walks up from the test's own binary, because compiled-in source paths are not real ones in CI.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ExtProc.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"no ExtProc.sln above {AppContext.BaseDirectory}: run the tests from a checkout");
    }
}
