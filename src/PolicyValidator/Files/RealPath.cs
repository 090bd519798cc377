using Microsoft.Win32.SafeHandles;

namespace PolicyValidator.Files;

/// <summary>Paths without links in them.</summary>
internal static class RealPath
{
    /// <summary>The limit that Linux has.</summary>
    private const int MostLinks = 40;

    /// <summary>The path behind all links; what is not there is left as it is written.</summary>
    /// <exception cref="FileNotFoundException">The links form a cycle.</exception>
    public static string Of(string path)
    {
        string full = Path.GetFullPath(path), real = Path.GetPathRoot(full)!;
        Stack<string> waiting = new(Names(full));
        for (int links = 0; waiting.TryPop(out string? name);)
        {
            string next = name == ".." ? Path.GetDirectoryName(real) ?? real : Path.Combine(real, name);
            if (name == ".." || new FileInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }

            if (++links > MostLinks)
            {
                throw new FileNotFoundException("its links lead round in a ring");
            }

            real = Path.IsPathRooted(target) ? Path.GetPathRoot(target)! : real;
            foreach (string each in Names(target))
            {
                waiting.Push(each);
            }
        }

        return real;
    }

    /// <summary>Where an open file really lies, whatever its name has become since.</summary>
    /// <param name="file">The open file.</param>
    /// <param name="path">The path by which it was opened, for systems that cannot tell.</param>
    public static string Of(SafeFileHandle file, string path) =>
        new FileInfo($"/proc/self/fd/{file.DangerousGetHandle()}").LinkTarget ?? Of(path);

    /// <summary>The names of a path, the last one first; <c>.</c> says nothing.</summary>
    private static IEnumerable<string> Names(string path) =>
        path.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries).Where(name => name != "." && name != Path.GetPathRoot(path)).Reverse();
}
