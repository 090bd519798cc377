using Envoy.Runner;

namespace ExtProc.Demo.DataPlanes;

/// <summary>A real Envoy; its configuration is printed, and kept in a file.</summary>
internal sealed class EnvoyDataPlane : IDataPlane
{
    private readonly EnvoyProcess process;

    private EnvoyDataPlane(EnvoyProcess process) => this.process = process;

    /// <inheritdoc/>
    public string Name => $"Envoy {process.Binary.Version}";

    /// <summary>Starts it and waits until it takes requests.</summary>
    public static async Task<IDataPlane> StartAsync(EnvoyBinary binary, DemoOptions options, CancellationToken cancel)
    {
        string text = EnvoyConfiguration.TextFor(options), file = EnvoyConfiguration.File;
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, text, cancel);
        Console.WriteLine($"\n{text}\nThis Envoy configuration is kept in {Path.GetRelativePath(Environment.CurrentDirectory, file)}");
        return new EnvoyDataPlane(await EnvoyProcess.StartAsync(binary, text, cancel));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => process.DisposeAsync();
}
