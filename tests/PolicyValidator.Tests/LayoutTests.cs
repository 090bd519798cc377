using Tests.Shared;

namespace PolicyValidator.Tests;

public sealed class LayoutTests
{
    /// <summary>
    /// The path of a document: read, decoded, modelled, judged, fixed, reported. <c>Rules</c> is also where targets, versions and
    /// severities are, so the folders before it may name it.
    /// </summary>
    private static readonly Dictionary<string, string[]> MayUse = new()
    {
        ["Files"] = [],
        ["Inputs"] = [],
        ["Expressions"] = ["Rules"],
        ["Decoding"] = ["Inputs", "Model", "Rules", "Expressions"],
        ["Constraints"] = ["Decoding", "Model", "Expressions"],
        ["Kubernetes"] = ["Inputs", "Decoding", "Model", "Rules", "Expressions"],
        ["Model"] = ["Inputs", "Decoding", "Kubernetes", "Rules"],
        ["Readers"] = ["Inputs", "Kubernetes", "Decoding", "Constraints", "Model", "Rules", "Expressions"],
        ["Rules"] = ["Inputs", "Kubernetes", "Decoding", "Model", "Fixes", "Expressions"],
        ["Suppressions"] = ["Inputs", "Rules"],
        ["Fixes"] = ["Inputs", "Kubernetes", "Model", "Rules"],
        ["Reporting"] = ["Inputs", "Decoding", "Model", "Rules", "Fixes"],
        ["Playground"] = ["Inputs", "Decoding", "Model", "Rules", "Fixes", "Reporting"],
        ["Configuration"] = ["Inputs", "Rules", "Reporting"],
        ["Cli"] = [FolderLayout.All],
    };

    [Fact]
    public void Folders_use_each_other_only_along_the_path() =>
        Assert.Empty(new FolderLayout("src/PolicyValidator", "PolicyValidator").Violations(MayUse));
}
