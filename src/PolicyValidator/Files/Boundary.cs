namespace PolicyValidator.Files;

/// <summary>
/// The folder that must contain everything that a checkout refers to itself, by links or in its settings: someone who may change a checkout
/// must not choose which other files of the machine are read, shown or written.
/// </summary>
internal sealed class Boundary
{
    private readonly string root;

    private Boundary(string root) => this.root = root;

    /// <summary>
    /// The boundary of what lies in a folder: the checkout's root; where there is no checkout, the working directory if the folder lies in
    /// it, else the folder itself. Where a link of a checkout leads out of it on the way, the boundary is the checkout that it leads out of.
    /// </summary>
    public static Boundary Around(string folder)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)), real = RealPath.Of(full), working = Environment.CurrentDirectory;
        string root = LeftOnTheWay(full) is { } left ? left
            : CheckoutRoot.Above(real) is var checkout && CheckoutRoot.Holds(checkout) ? checkout
            // In a container image the working directory may be /, which bounds nothing.
            : working != Path.GetPathRoot(working) && IsBelow(RealPath.Of(working), real) ? RealPath.Of(working)
            : real;
        return new(root);
    }

    /// <summary>The boundary of a file that the user names. It may lie anywhere, unless a link of a checkout leads to it: the target of that was chosen by others.</summary>
    /// <returns>Null where nothing does.</returns>
    public static Boundary? OfNamed(string path) => LeftOnTheWay(Path.GetFullPath(path)) is { } left ? new(left) : null;

    /// <summary>The checkout that a link on the way to a path lies in and leads out of; null where there is none.</summary>
    private static string? LeftOnTheWay(string full)
    {
        string at = Path.GetPathRoot(full)!;
        foreach (string name in full.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            string next = Path.Combine(at, name), real = RealPath.Of(next);
            if (real != next && CheckoutRoot.Above(at) is var checkout && CheckoutRoot.Holds(checkout) && !IsBelow(checkout, real))
            {
                return checkout;
            }

            at = real;
        }

        return null;
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
internal sealed class LeadsOutException(string root) : IOException($"leads out of {root}: what a checkout links to or names in its settings must lie inside of it, or be named on the command line by its own path");
