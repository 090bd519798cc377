using System.Diagnostics;
using ExtProc.Configuration.Reading;
using ExtProc.Pipeline;
using ExtProc.Processors;

namespace ExtProc.Tests.Configuration;

/// <summary>What is named as a configuration and is none ends in one sentence, soon, and is not shown.</summary>
public sealed class OddFileTests : IDisposable
{
    private const string Secret = "hunter2";

    private readonly string _folder = Directory.CreateTempSubdirectory("extproc-odd-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("/dev/zero", "the file is larger than 1048576 bytes")]
    [InlineData("/dev/random", "the file is larger than 1048576 bytes")]
    [InlineData("/proc/self/environ", "not valid YAML: a NUL character stands here")]
    [InlineData("/", "this is a directory")]
    [InlineData("/proc/self/mem", "the file cannot be read")]
    [InlineData("/no/such/file", "there is no such file")]
    public void A_file_of_the_system_is_refused(string path, string expected) => Assert.Contains(expected, OnlyErrorOf(path), StringComparison.Ordinal);

    [Fact]
    public void A_pipe_that_nobody_writes_to_ends_in_time() =>
        Assert.Contains("the file did not come to its end within 5 s; if it is a pipe or a terminal, nobody writes to it", OnlyErrorOf(Pipe()), StringComparison.Ordinal);

    [Fact]
    public async Task A_pipe_that_somebody_writes_to_is_read()
    {
        string pipe = Pipe();
        Task writing = Task.Run(() => File.WriteAllText(pipe, "logExchanges: true\n"));

        ConfigResult read = Read(pipe);

        Assert.Empty(read.Problems);
        Assert.True(read.Options!.LogExchanges);
        await writing;
    }

    [Fact]
    public void A_file_of_many_gibibytes_is_not_read_to_its_end()
    {
        string path = Path.Combine(_folder, "large");
        using (FileStream large = File.Create(path))
        {
            large.SetLength(4L << 30);
        }

        Assert.Contains("the file is larger than 1048576 bytes", OnlyErrorOf(path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("password: hunter2\n", "none of its keys is a setting")]
    [InlineData("apiVersion: v1\nkind: Secret\ndata:\n  key: hunter2\n", "none of its keys is a setting")]
    [InlineData("{\"auths\": {\"registry\": {\"auth\": \"hunter2\"}}}", "none of its keys is a setting")]
    [InlineData("- name: hunter2\n", "none of its keys is a setting")]
    [InlineData("hunter2: *hunter2\n", "none of its keys is a setting")]
    [InlineData("root:x:0:0:hunter2:/root:/bin/sh\n", "text stands where keys and values are wanted")]
    [InlineData("hunter2\n", "text stands where keys and values are wanted")]
    [InlineData("export TOKEN=hunter2\n", "text stands where keys and values are wanted")]
    public void What_is_no_configuration_is_not_shown(string text, string expected)
    {
        string path = Path.Combine(_folder, "file");
        File.WriteAllText(path, text);

        string error = OnlyErrorOf(path);

        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lisen: 127.0.0.1:9000\n", "did you mean")]
    [InlineData("# ours\nLOG_EXCHANGES: maybe\n", "maybe")]
    [InlineData("{\"drain\": {\"delay\": 5}}", "\"5\" is no duration")]
    public void A_configuration_with_mistakes_is_told_of_each(string text, string expected)
    {
        string path = Path.Combine(_folder, "extproc.yaml");
        File.WriteAllText(path, text);

        Assert.Contains(expected, OnlyErrorOf(path), StringComparison.Ordinal);
    }

    private string Pipe()
    {
        string path = Path.Combine(_folder, "pipe");
        using Process made = Process.Start("mkfifo", [path]);
        made.WaitForExit();
        return path;
    }

    private static ConfigResult Read(string path)
    {
        ProcessorCatalog catalog = new();
        catalog.AddBuiltIn();
        return ConfigReader.Read(ConfigSources.File(path), catalog);
    }

    private static string OnlyErrorOf(string path)
    {
        ConfigResult read = Read(path);
        Assert.Null(read.Options);
        return Assert.Single(read.Problems).Message;
    }
}
