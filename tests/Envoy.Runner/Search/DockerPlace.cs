namespace Envoy.Runner.Search;

/// <summary>The program out of the image envoyproxy/envoy; no container is started.</summary>
internal sealed class DockerPlace(Version fallback) : FetchingPlace(fallback)
{
    private const string InImage = "/usr/local/bin/envoy";

    /// <inheritdoc/>
    public override string Name => "Docker";

    /// <inheritdoc/>
    protected override string? Program => ProgramOnPath.Find("docker");

    /// <inheritdoc/>
    protected override string NoProgram => "no docker on the PATH";

    /// <inheritdoc/>
    protected override string Doing(Version version) => $"copying {InImage} out of {Image(version)} into {FetchedEnvoys.ShownFolder}";

    /// <inheritdoc/>
    protected override async Task<Outcome?> FetchAsync(string program, Version version, string partial, CancellationToken cancel)
    {
        string idFile = Path.Combine(partial, "container");
        if (Failure(await RunAsync(OnTerminal(program, ["create", "--cidfile", idFile, Image(version)]), partial, cancel)) is { } failure)
        {
            return failure;
        }

        string id = (await File.ReadAllTextAsync(idFile, cancel)).Trim(), target = FetchedEnvoys.PathIn(PackageIn(partial));
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        Outcome? copied = Failure(await RunAsync([program, "cp", $"{id}:{InImage}", target], partial, cancel));
        Outcome? removed = Failure(await RunAsync([program, "rm", id], partial, cancel));
        return copied ?? (removed is null ? null : new Outcome($"the container {id} stays, docker cannot remove it: {removed.Said}", IsHopeless: true));
    }

    private static string Image(Version version) => $"envoyproxy/envoy:v{version}";

    /// <summary>On a terminal docker shows each piece of an image that comes; elsewhere it is silent until a layer is complete, as if nothing came.</summary>
    private static string[] OnTerminal(string program, string[] arguments)
    {
        string? script = OperatingSystem.IsLinux() ? ProgramOnPath.Find("script") : null;
        string[] command = [program, .. arguments];
        return script is null ? command : [script, "-qec", string.Join(' ', command.Select(Quoted)), "/dev/null"];
    }

    private static string Quoted(string word) => $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    private Task<CommandEnd> RunAsync(string[] command, string partial, CancellationToken cancel) =>
        new WatchedCommand(command[0], command[1..]) { Folder = partial, Patience = Patience, IsOutputProgress = true }.RunAsync(cancel);
}
