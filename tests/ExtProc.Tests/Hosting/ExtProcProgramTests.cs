using ExtProc.Hosting;
using ExtProc.Hosting.CommandLine;

namespace ExtProc.Tests.Hosting;

public class ExtProcProgramTests
{
    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("help")]
    [InlineData("serve --help")]
    [InlineData("check x.yaml --help")]
    public async Task Help_names_commands_flags_and_exit_codes(string arguments)
    {
        var (code, output, _) = await RunAsync(arguments);

        Assert.Equal(0, code);
        Assert.All(["serve", "check", "--listen", "--log-exchanges", "exit codes:"], word => Assert.Contains(word, output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Version_is_a_number_alone()
    {
        var (code, output, _) = await RunAsync("--version");

        Assert.Equal(0, code);
        Assert.Matches(@"^\d+\.\d+\.\d+\n$", output);
    }

    [Theory]
    [InlineData("", "what shall it do? name a command: serve or check")]
    [InlineData("sevre", "\"sevre\" is no command; did you mean serve?")]
    [InlineData("serve now", "serve takes flags only, and was given \"now\"")]
    [InlineData("serve --lisen 127.0.0.1:1", "\"--lisen\" is no flag here; did you mean --listen?")]
    [InlineData("serve --listen", "--listen needs a value")]
    [InlineData("serve --listen=", "--listen needs a value")]
    [InlineData("serve --log-exchanges=yes", "--log-exchanges takes no value, and was given \"yes\"")]
    [InlineData("serve --admin off --admin=off", "--admin is given twice")]
    [InlineData("check", "check takes one file: extproc check extproc.yaml")]
    [InlineData("check a b", "check takes one file: extproc check extproc.yaml")]
    [InlineData("check --strict a", "\"--strict\" is no flag here; nothing is allowed here")]
    public async Task Bad_usage_is_explained_and_exits_2(string arguments, string problem)
    {
        var (code, output, error) = await RunAsync(arguments);

        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith($"extproc: {problem}", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("serve --listen 9000", "--listen: error: listeners[0].address: \"9000\" is no address to listen on")]
    [InlineData("serve --listen 127.0.0.1:1 --admin 127.0.0.1:1", "--admin: error: admin: 127.0.0.1:1 is a listener's address too")]
    [InlineData("serve --drain-timeout soon", "--drain-timeout: error: drain.timeout: \"soon\" is no duration")]
    [InlineData("serve --drain-timeout 2h", "--drain-timeout: error: drain.timeout: 2h is out of range; allowed is 0s to 1h")]
    [InlineData("serve --config /no/such/extproc.yaml", "/no/such/extproc.yaml: error: there is no such file")]
    [InlineData("check /no/such/extproc.yaml", "/no/such/extproc.yaml: error: there is no such file")]
    public async Task A_configuration_that_cannot_be_used_is_explained_and_exits_2(string arguments, string problem)
    {
        var (code, _, error) = await RunAsync(arguments);

        Assert.Equal(2, code);
        Assert.StartsWith(problem, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_tells_all_problems_of_a_file_and_exits_2()
    {
        using TemporaryFile file = new("limits: { handlerTimeout: 10 }\nenvoy: { allowedOverrideModes: [{}] }\nlog: true\n");

        var (code, output, error) = await RunAsync($"check {file.Path}");

        Assert.Equal((2, ""), (code, output));
        Assert.Equal(["2:32: warning", "1:27: error", "3:1: error"], error.TrimEnd().Split('\n').Select(line => line[(file.Path.Length + 1)..].Split(": ") is [var place, var kind, ..] ? $"{place}: {kind}" : line));
    }

    /// <summary>A pipeline in which some steps cannot be read, and the places at which the others' mistakes are told.</summary>
    public static TheoryData<string, string[]> Broken => new()
    {
        { "- name: nobody\n- name: replace\n  text: a\n- name: replace\n  text: ''\n", ["2:9 pipeline[0].name", "6:9 pipeline[2].text"] },
        { "- name: replace\n  text: ''\n- name: nobody\n- name: nobody\n- name: replace\n  text: ''\n", ["3:9 pipeline[0].text", "4:9 pipeline[1].name", "5:9 pipeline[2].name", "7:9 pipeline[3].text"] },
        { "- name: replace\n- name: replace\n  text: ''\n- name: nobody\n", ["2:3 pipeline[0]", "4:9 pipeline[1].text", "5:9 pipeline[2].name"] },
        { "- {}\n- name: replace\n  text: ''\n", ["2:3 pipeline[0]", "4:9 pipeline[1].text"] },
        { "- name: nobody\n- name: headers\n  request: { set: { 'a b': c } }\n", ["2:9 pipeline[0].name", "4:19 pipeline[1].request.set"] },
        { "- name: plain\n  text: x\n- name: nobody\n- name: headers\n  response: { set: { connection: close } }\n", ["3:3 pipeline[0]", "4:9 pipeline[1].name", "6:20 pipeline[2].response.set"] },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task Check_names_step_and_line_of_a_mistake_whatever_stands_before_it(string pipeline, string[] places)
    {
        using TemporaryFile file = new($"pipeline:\n{pipeline}");

        var (_, _, error) = await RunAsync($"check {file.Path}");

        Assert.Equal(places, error.TrimEnd().Split('\n').Select(line => line[(file.Path.Length + 1)..].Split(": ") is [var place, _, var path, ..] ? $"{place} {path}" : line).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Check_says_a_processor_s_name_once()
    {
        using TemporaryFile file = new("pipeline:\n- name: replace\n  text: a\nenvoy:\n  messageTimeout: 15s\n  processingMode: { requestBodyMode: NONE }\n");

        var (_, _, error) = await RunAsync($"check {file.Path}");

        Assert.StartsWith($"{file.Path}:2:3: error: replace: cannot work with request_body_mode NONE: the body is not sent; use ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_of_a_usable_file_says_so_and_exits_0_with_warnings_told()
    {
        using TemporaryFile file = new("pipeline: [{ name: plain }]\nenvoy: { messageTimeout: 0s }\n");

        var (code, output, error) = await RunAsync($"check {file.Path}");

        Assert.Equal((0, $"{file.Path}: can be used; 1 processor\n"), (code, output));
        Assert.StartsWith($"{file.Path}:2:26: warning: envoy.messageTimeout", error, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(string arguments)
    {
        StringWriter output = new() { NewLine = "\n" }, error = new() { NewLine = "\n" };
        int code = await ExtProcProgram.RunAsync(
            arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), new ProgramOutput(output, error), extproc => extproc.AddProcessor<Nothing>("plain"))
            .WaitAsync(TimeSpan.FromSeconds(30));
        return (code, output.ToString(), error.ToString());
    }

    private sealed class Nothing : Processor;
}

/// <summary>A file that is gone after the test.</summary>
internal sealed class TemporaryFile : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("extproc");

    public TemporaryFile(string text) => File.WriteAllText(Path, text);

    public string Path => System.IO.Path.Combine(_folder.FullName, "extproc.yaml");

    public void Dispose() => _folder.Delete(recursive: true);
}
