using OrleansCallback.Load;
using OrleansCallback.Load.Phones;

return args switch
{
    ["callbacks", .. var rest] => await CallbacksCommand.RunAsync(rest),
    ["phones", .. var rest] => PhonesCommand.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        callbacks --rate R --seconds S --hold H --store postgres|sqlite [--ring MS] [--json]
            Places R callbacks a second for S seconds; merchants hang up H seconds after their answer; phones ring MS milliseconds (200).
            Starts silo, web, store and phones by itself. With --json the last line is one JSON object.
        """);
    return 2;
}
