namespace PolicyValidator.Files;

/// <summary>The folder of the checkout that a folder is in.</summary>
internal static class CheckoutRoot
{
    /// <summary>The nearest folder upward that holds <c>.git</c>; the folder itself when there is none.</summary>
    public static string Above(string folder)
    {
        for (DirectoryInfo? at = new(folder); at is not null; at = at.Parent)
        {
            if (Holds(at.FullName))
            {
                return at.FullName;
            }
        }

        return folder;
    }

    /// <summary>Whether a folder is a checkout's. In a worktree or a submodule <c>.git</c> is a file.</summary>
    public static bool Holds(string folder) => Path.Exists(Path.Combine(folder, ".git"));
}
