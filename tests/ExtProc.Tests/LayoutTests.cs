using Tests.Shared;

namespace ExtProc.Tests;

public sealed class LayoutTests
{
    /// <summary>
    /// The path of an exchange, from the wire inwards. <c>Authoring</c> is what authors of processors see; its namespace is the
    /// root's, so everything may use it.
    /// </summary>
    private static readonly Dictionary<string, string[]> MayUse = new()
    {
        ["Memory"] = [],
        ["Transport"] = ["Memory"],
        ["Protocol"] = ["Transport"],
        ["Authoring"] = ["Protocol", "Configuration", "Memory"],
        ["Pipeline"] = ["Protocol", "Configuration", "Memory"],
        ["Processors"] = ["Pipeline"],
        ["Session"] = ["Memory", "Transport", "Protocol", "Pipeline", "Configuration", "Telemetry"],
        ["Health"] = ["Transport", "Session"],
        ["Configuration"] = ["Transport", "Pipeline"],
        ["Telemetry"] = ["Configuration"],
        ["Hosting"] = [FolderLayout.All],
    };

    [Fact]
    public void Folders_use_each_other_only_along_the_path() =>
        Assert.Empty(new FolderLayout("src/ExtProc", "ExtProc").Violations(MayUse));
}
