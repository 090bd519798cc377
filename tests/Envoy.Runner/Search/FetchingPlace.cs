namespace Envoy.Runner.Search;

/// <summary>A place from which a release is fetched into <c>artifacts/envoy</c>, by one process at a time; what is fetched in part is never seen.</summary>
/// <param name="fallback">the release to fetch when any will do</param>
internal abstract class FetchingPlace(Version fallback) : EnvoyPlace
{
    private const string LockFile = ".lock";
    private static readonly TimeSpan LockInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>How long it may get on no further.</summary>
    public TimeSpan Patience { get; init; } = EnvoySearch.Patience;

    /// <inheritdoc/>
    public sealed override string DoingFor(Version? wanted) => Program is null ? "" : Doing(wanted ?? fallback);

    /// <inheritdoc/>
    public sealed override async Task<Outcome> LookAsync(Version? wanted, CancellationToken cancel)
    {
        Version version = wanted ?? fallback;
        if (Program is not { } program)
        {
            return new(NoProgram, IsHopeless: true);
        }

        Directory.CreateDirectory(FetchedEnvoys.Folder);
        await using FileStream held = await LockAsync(cancel);
        if (FetchedEnvoys.Find(version) is { } meanwhile)
        {
            return new($"{version} was fetched meanwhile", meanwhile);
        }

        string partial = FetchedEnvoys.FolderOf(version) + ".partial";
        try
        {
            DeleteIfThere(partial);
            Directory.CreateDirectory(partial);
            return await FetchAsync(program, version, partial, cancel) ?? Take(version, partial);
        }
        finally
        {
            DeleteIfThere(partial);
        }
    }

    /// <summary>The path of the program that fetches; null when there is none.</summary>
    protected abstract string? Program { get; }

    /// <summary>What is said when there is none.</summary>
    protected abstract string NoProgram { get; }

    /// <summary>What is said while it works.</summary>
    protected abstract string Doing(Version version);

    /// <summary>Makes <see cref="PackageIn"/> of a folder the folder of a release; null when that went well.</summary>
    protected abstract Task<Outcome?> FetchAsync(string program, Version version, string partial, CancellationToken cancel);

    /// <summary>The folder that becomes the release's.</summary>
    protected static string PackageIn(string partial) => Path.Combine(partial, "package");

    /// <summary>A command that failed, or got on no further; null when it went well.</summary>
    protected Outcome? Failure(CommandEnd end) => end.ExitCode switch
    {
        0 => null,
        null => new($"given up after {Patience.TotalSeconds} s without progress", IsHopeless: true),
        _ => new($"no: {LastWords.Of(end.Said)}"),
    };

    private static Outcome Take(Version version, string partial)
    {
        string program = FetchedEnvoys.PathIn(PackageIn(partial));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(program, File.GetUnixFileMode(program) | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }

        if (EnvoyBinary.Ask(program, out string? reason) is not { } fetched || fetched.Version != version)
        {
            return new($"no: what came does not run here as Envoy {version}: {reason ?? "it is another release"}");
        }

        DeleteIfThere(FetchedEnvoys.FolderOf(version));
        Directory.Move(PackageIn(partial), FetchedEnvoys.FolderOf(version));
        return new($"got {version}", FetchedEnvoys.Find(version));
    }

    /// <summary>Two test processes must not fetch the same; the system lets go of the file when its holder ends, however it ends.</summary>
    private static async Task<FileStream> LockAsync(CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                return new FileStream(Path.Combine(FetchedEnvoys.Folder, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(LockInterval, TimeProvider.System, cancel);
            }
        }
    }

    private static void DeleteIfThere(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
