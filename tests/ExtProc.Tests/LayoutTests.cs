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

    /// <summary>The path of an exchange through the front, from what Envoy does to what ASP.NET Core is.</summary>
    private static readonly Dictionary<string, string[]> MayUseInFront = new()
    {
        ["Filter"] = [],
        ["Transcripts"] = [],
        ["Exchange"] = ["Filter"],
        ["Http"] = ["Exchange", "Filter"],
    };

    [Fact]
    public void Folders_of_the_front_use_each_other_only_along_the_path() =>
        Assert.Empty(new FolderLayout("src/ExtProc.Front", "ExtProc.Front").Violations(MayUseInFront));

    [Fact]
    public void Folders_use_each_other_only_along_the_path() =>
        Assert.Empty(new FolderLayout("src/ExtProc", "ExtProc").Violations(MayUse));
}
