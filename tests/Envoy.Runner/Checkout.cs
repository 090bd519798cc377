namespace Envoy.Runner;

/// <summary>The folder that holds this repository's files; found from the running program upwards.</summary>
public static class Checkout
{
    /// <summary>The folder of <c>ExtProc.sln</c>, or null when the program runs outside a checkout.</summary>
    public static string? Root { get; } = Find();

    private static string? Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ExtProc.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName;
    }
}
