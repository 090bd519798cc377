namespace PolicyValidator.Files;

/// <summary>
/// The folder in which everything must really lie that a checkout names itself, by links or in its settings: who may change a checkout
/// may not choose which other files of the machine are read, shown or written.
/// </summary>
internal sealed class Boundary
{
    private readonly string root;

    private Boundary(string root) => this.root = root;

    /// <summary>
    /// The boundary of what lies in a folder: the checkout's root; where there is no checkout, the working directory if the folder lies in
    /// it, else the folder itself.
    /// </summary>
    public static Boundary Around(string folder)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)), working = Environment.CurrentDirectory;
        string root = CheckoutRoot.Above(full) is var checkout && CheckoutRoot.Holds(checkout) ? checkout
            // In an image the working directory may be the root of all, which bounds nothing.
            : working != Path.GetPathRoot(working) && IsBelow(working, full) ? working
            : full;
        return new(RealPath.Of(root));
    }

    /// <summary>Whether a path, without links in it, lies inside.</summary>
    public bool Holds(string realPath) => IsBelow(root, realPath);

    /// <summary>Refuses what does not lie inside.</summary>
    /// <param name="realPath">Where it really lies.</param>
    /// <exception cref="LeadsOutException">It lies outside.</exception>
    public void Demand(string realPath)
    {
        if (!Holds(realPath))
        {
            throw new LeadsOutException(root);
        }
    }

    private static bool IsBelow(string folder, string path) =>
        path == folder || path.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}

/// <summary>What a checkout names lies outside of it.</summary>
internal sealed class LeadsOutException(string root) : IOException($"leads out of {root}: what a checkout links to or names in its settings must lie inside of it");
