import { loginModule } from '../../lib/properties/jaas'

const read = (text: string) => loginModule(text)

describe('sasl.jaas.config', () => {
  it.each<[string, object]>([
    ['a.B required;', {}],
    ['a.B  REQUIRED\n user="me"\n password = "x" ;', { user: 'me', password: 'x' }],
    [`a.B required user='me' password='it "is" so';`, { user: 'me', password: 'it "is" so' }],
    ['a.B required password="a\\"b\\\\c\\n\\101\\q";', { password: 'a"b\\c\nAq' }],
    ['a.B required password="";', { password: '' }],
    ['a.B required password="a;b=c // d";', { password: 'a;b=c // d' }],
    ['a.B required /* note */ user=me // the end\n;', { user: 'me' }],
    ['a.B required user=me;', { user: 'me' }],
    ['a.B required extension_logicalCluster="lkc-1" user="ü";', { extension_logicalCluster: 'lkc-1', user: 'ü' }],
  ])('has a login module and its options: %j', (text, options) => {
    expect(read(text)).toEqual({ value: { name: 'a.B', options } })
  })

  it.each([
    ['', 'the class of a login module first'],
    ['"a.B" required;', 'the class of a login module first'],
    ['a.B;', 'required behind the class of the login module'],
    ['a.B user="me";', 'required behind the class of the login module'],
    ['a.B required user="hush"', 'a semicolon at the end'],
    ['a.B required user="hush;', 'no quote that is left open'],
    ["a.B required user='hush;", 'no quote that is left open'],
    ['a.B required user;', 'user="…"'],
    ['a.B required user= ;', 'user="…"'],
    ['a.B required user "hush";', 'user="…"'],
    ['a.B required ="hush";', 'options as name="value"'],
    ['a.B required "hush"="hush";', 'options as name="value"'],
    ['a.B required user="hush"; c.D required;', 'one login module'],
  ])('that is broken is refused without a word of what it says: %j', (text, expected) => {
    expect(read(text)).toEqual({ expected })
  })
})
